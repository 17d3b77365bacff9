"""Items, files and attacks that several tests of the library share."""

from collections.abc import Sequence
from html.parser import HTMLParser

from hypothesis import settings
from hypothesis import strategies as st

from question_bank.formats import Loaded
from question_bank.items import Item, plain
from question_bank.problems import Problem
from question_bank.text import clean, line
from question_bank.validate import problems_of
from tests.faults.sizes import size

many = settings(max_examples=size(60, 150), deadline=None, database=None)
few = settings(max_examples=40, deadline=None, database=None)

XSS = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//x.example/a.js></sCrIpT>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    '<IMG """><SCRIPT>alert("x")</SCRIPT>">',
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>klik</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>klik</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x></object><embed src=x>",
    "<form action=//x.example><input name=a autofocus onfocus=alert(1)>",
    "<b onclick=alert(1)>tebal</b>",
    "<p style='background:url(//x.example)'>teks</p>",
    "<td onmouseover=alert(1) colspan=2>sel</td>",
    "<table background=//x.example><tr><td scope='\"><script>'>a</td></tr></table>",
    "<details open ontoggle=alert(1)>",
    "<meta http-equiv=refresh content='0;url=//x.example'>",
    "<link rel=stylesheet href=//x.example>",
    "<base href=//x.example>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea></textarea><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<b/><script>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<pre><!-- </pre><img src=x onerror=alert(1)> --></pre>",
    "<p<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;<br onx=1>",
    "<div onclick=alert(1)>kotak</div>",
)

_TAGS = set("p br b strong i em u sub sup table thead tbody tr th td caption ul ol li".split())  # noqa: SIM905
_TAGS |= {"span", "code", "pre", "blockquote"}


class _Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.active: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.active.append(tag)
        self.active += [name for name, _ in attrs if name not in {"colspan", "rowspan", "scope"}]

    def handle_comment(self, data: str) -> None:
        self.active.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def active_markup(fragment: str) -> list[str]:
    """What a browser could act on: tags and attributes outside the allow-list, comments, declarations."""
    parser = _Markup()
    parser.feed(fragment)
    parser.close()
    return parser.active


def codes(problems: Sequence[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def places(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    return [(problem.where, problem.code) for problem in problems]


def items_of(loaded: Loaded) -> list[Item]:
    return [located.item for located in loaded.items]


_PIECES = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="abc ABC 123", min_size=1, max_size=12),
    st.sampled_from(
        [
            "<b>",
            "</b>",
            "<br>",
            "<sup>2</sup>",
            "<pre>a\n  b</pre>",
            "<table><tr><td colspan=2>x</td></tr></table>",
            "<p>",
            "<ul><li>satu</li></ul>",
            "&nbsp;",
            "&amp;",
            "<",
            ">",
            "&",
            '"',
            "'",
            "''",
            "\n",
            "\n\n",
            "\t",
            ",",
            ";",
            "|",
            "=",
            "=1+1",
            "-5",
            "+",
            "@",
            "~",
            "#",
            "####",
            "{",
            "}",
            "::",
            "\\",
            "\\n",
            "//",
            "->",
            "%50%",
            "[html]",
            "[plain]",
            "$CATEGORY: x",
            "<script>",
            "<div>",
            "A",
            "b",
            "2",
            "ya",
            "\u3000",
            "\u2028",
            "\x85",
            "İ",
            "ß",
        ]
    ),
)
_raw_texts = st.lists(_PIECES, max_size=5).map("".join)
fragments = _raw_texts.map(clean)
visible = fragments.filter(lambda fragment: plain(fragment) != "")
labels = _raw_texts.map(line).filter(lambda text: len(text) <= 60)
names = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,10}\.(png|jpg)", fullmatch=True)


@st.composite
def items(draw: st.DrawFn) -> Item:
    """Items without errors, with texts that a careless format would spoil."""
    options = draw(
        st.lists(visible, min_size=2, max_size=10, unique_by=lambda option: plain(option).casefold())
    )
    item = Item(
        stem=draw(visible),
        options=tuple(options),
        key=draw(st.integers(0, len(options) - 1)),
        code=draw(labels),
        topic=draw(labels),
        difficulty=draw(st.sampled_from([None, "easy", "medium", "hard"])),
        picture=draw(st.just("") | names),
        picture_alt=draw(labels),
        explanation=draw(st.just("") | visible),
        shuffle=draw(st.booleans()),
    )
    assert all(problem.is_warning for problem in problems_of(item, "baris 1"))
    return item
