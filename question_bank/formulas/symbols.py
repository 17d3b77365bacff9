"""Which character a LaTeX command stands for."""

_LETTERS = (
    "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ "
    "lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω "
    "Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω hbar ℏ ell ℓ "
    "infty ∞ emptyset ∅ varnothing ∅ partial ∂ nabla ∇ Re ℜ Im ℑ aleph ℵ prime ′ degree ° celsius ℃"
)
_OPERATORS = (
    "times × div ÷ cdot · ast ∗ pm ± mp ∓ le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ ne ≠ neq ≠ approx ≈ "
    "sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝ ll ≪ gg ≫ lt < gt > in ∈ notin ∉ ni ∋ cup ∪ cap ∩ subset ⊂ "
    "subseteq ⊆ supset ⊃ supseteq ⊇ setminus ∖ forall ∀ exists ∃ neg ¬ lnot ¬ land ∧ wedge ∧ lor ∨ vee ∨ "
    "to → rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ iff ⇔ "
    "implies ⇒ mapsto ↦ longrightarrow ⟶ uparrow ↑ downarrow ↓ rightleftharpoons ⇌ therefore ∴ because ∵ "
    "angle ∠ perp ⊥ bot ⊥ parallel ∥ mid | triangle △ square □ circ ∘ bullet • oplus ⊕ otimes ⊗ sum ∑ "
    "prod ∏ int ∫ iint ∬ oint ∮ ldots … dots … cdots ⋯ vdots ⋮ colon : lbrace { rbrace } langle ⟨ rangle ⟩ "
    "lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ vert | Vert ‖ lvert | rvert | backslash \\ star ⋆ dagger † checkmark ✓"
)


def _words(text: str) -> list[str]:
    return text.split()


def _pairs(text: str) -> dict[str, str]:
    parts = _words(text)
    return dict(zip(parts[::2], parts[1::2], strict=True))


SYMBOLS = _pairs(_LETTERS) | _pairs(_OPERATORS)
NAMES = frozenset(
    _words(
        "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln lg exp lim max min sup inf gcd "
        "det dim mod deg ker Pr arg"
    )
)
BLANKS = frozenset({",", ";", ":", " ", "quad", "qquad", "enspace", "thinspace", "space", ">"})
UNSEEN = frozenset(
    _words(
        "! displaystyle textstyle scriptstyle limits nolimits left right big Big bigg Bigg bigl bigr Bigl "
        "Bigr biggl biggr mathstrut rm it bf"
    )
)
ACCENTS = {
    "bar": "\u0304", "overline": "\u0305", "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303",
    "widetilde": "\u0303", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "underline": "\u0332",
}  # fmt: skip
MARKS = {  # what MathML sets over or under a letter
    "¯": "\u0304", "‾": "\u0305", "_": "\u0305", "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303",
    "→": "\u20d7", "⇀": "\u20d7", "˙": "\u0307", "¨": "\u0308", "―": "\u0305", "–": "\u0305", "-": "\u0305",
}  # fmt: skip
