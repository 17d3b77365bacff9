# ruff: noqa: E501
import pytest
from bank_samples import many
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formulas import set_formulas, shielded
from question_bank.text import clean


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"\(x^2+1\)", "x<sup>2</sup>+1"),
        (r"\(x_{i+1}^{2}\)", "x<sub>i+1</sub><sup>2</sup>"),
        (r"$$\frac{a+b}{2}$$", "(a+b)/2"),
        (r"\[\bar{x} = \frac{\sum_{i=1}^{n} x_i}{n}\]", "x̄ = (∑<sub>i=1</sub><sup>n</sup> x<sub>i</sub>)/n"),
        (r"\(\sqrt{2} \cdot \sqrt[3]{x+1}\)", "√2 · <sup>3</sup>√(x+1)"),
        (r"\(2\frac{1}{2}\)", "2 1/2"),
        (r"\(\frac{1}{2}x\)", "(1/2)x"),
        (r"\(\left(\frac{a}{b}\right)^2\)", "(a/b)<sup>2</sup>"),
        (r"\(3 \times 4 \div 2 \le 6 \ge 5 \ne 4 \pm 1\)", "3 × 4 ÷ 2 ≤ 6 ≥ 5 ≠ 4 ± 1"),
        (r"\(\pi r^2, \alpha, \Omega, \mu_{\bar x}\)", "π r<sup>2</sup>, α, Ω, μ<sub>x̄</sub>"),
        (r"\(30^\circ\) dan \(f'(x)\)", "30° dan f′(x)"),
        (r"\(x &lt; 5\)", "x &lt; 5"),
        (r"\(\text{luas alas} = 10\%\)", "luas alas = 10%"),
        (r"\(\{1,2\} \cup A\)", "{1,2} ∪ A"),
        (r"\(0{,}5\)", "0,5"),
        ("[tex]x^2[/tex]", "x<sup>2</sup>"),
        ('<img class="equation_image" alt="LaTeX: x^2" src="http://a/b">', "x<sup>2</sup>"),
        ('<img data-equation-content="\\frac{1}{2}" src="/x.svg">', "1/2"),
        ("<math><msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><mn>4</mn></math>", "x<sup>2</sup> = 4"),
        ("<m:math><m:msub><m:mi>H</m:mi><m:mn>2</m:mn></m:msub></m:math>", "H<sub>2</sub>"),
        ("<math><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac></math>", "(a + 1)/2"),
        ("<math><msqrt><mi>x</mi></msqrt><mroot><mi>y</mi><mn>3</mn></mroot></math>", "√x<sup>3</sup>√y"),
        ("<math><mover><mi>x</mi><mo>¯</mo></mover></math>", "x̄"),
        (
            "<math><semantics><mi>&#x3C0;</mi><annotation encoding='application/x-tex'>\\pi</annotation></semantics></math>",
            "π",
        ),
        (
            "<math><semantics><mtable/><annotation encoding='application/x-tex'>\\pi</annotation></semantics></math>",
            "π",
        ),
    ],
)
def test_a_simple_formula_is_set_in_the_line(source, shown):
    assert set_formulas(source) == (shown, [])
    assert clean(shown) == shown


@pytest.mark.parametrize(
    "formula",
    [
        r"\begin{matrix}1&2\end{matrix}",
        r"\unknown{x}",
        r"x^{2",
        r"x^2^3",
        r"\frac{1}",
        r"{" * 40 + "x" + "}" * 40,
        r"x \\ y",
    ],
)
def test_a_formula_that_is_not_simple_stays_as_its_source(formula):
    text = rf"a \({formula}\) b"
    assert set_formulas(text) == (text, [formula])


def test_mathml_that_is_not_simple_shows_its_source():
    shown, kept = set_formulas("<math><mtable><mtr><mtd><mn>1</mn></mtd></mtr></mtable></math>")
    assert shown.startswith("&lt;math&gt;&lt;mtable&gt;")
    assert len(kept) == 1


@pytest.mark.parametrize(
    "text", ["harga $$ dan $", "Rp $5 dan $10", r"a \( b", "x", "<img src='a.png'>", "[tex]x"]
)
def test_what_is_no_formula_stays(text):
    assert set_formulas(text) == (text, [])


@many
@given(st.lists(st.sampled_from(["\\(", "\\)", "$$", "x", "^", "_", "{", "}", "\\frac", "\\sqrt", "[", "]", " ", "2", "<math>",
                                 "</math>", "<mi>", "</mi>", "\\bar", "\\text", "&lt;", "\\[", "\\]", "[tex]", "[/tex]"]),
                max_size=25).map("".join))  # fmt: skip
def test_any_text_is_set_and_a_shielded_one_stays(text):
    shown, kept = set_formulas(text)
    assert shown == text or "\\" in text or "$$" in text or "math>" in text or "[tex]" in text
    assert all(kept)
    fragment = clean(shown)
    assert set_formulas(shielded(fragment)) == (shielded(fragment), [])
    assert clean(shielded(fragment)) == fragment
