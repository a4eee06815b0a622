"""The page: complete, self-contained, safe against every text from outside, and the same each time."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from data.market import Market
from data.timeframes import MINUTE
from dsl.english import sentences
from dsl.english.blocks import Document, Item, Listing, Paragraph, Section
from engine.cautions import cautions
from engine.metrics import measure
from engine.report import library, page
from engine.report.page import LISTED_TRADES, render
from engine.result import Event
from tests.engine.made_up import MONDAY, plan_of, random_bars, random_trades, result_from, trade, usual

GOLDEN = Path(__file__).parents[2] / "golden" / "report"

VOID = {"meta", "link", "br", "wbr", "img", "input", "hr"}


class Reader(HTMLParser):
    """Collects elements, attributes and text as a browser would, and checks that tags close in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self.text: list[tuple[str, str]] = []
        self.problems: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.inside.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.inside or self.inside.pop() != tag:
            self.problems.append(tag)

    def handle_data(self, data):
        self.text.append((self.inside[-1] if self.inside else "", data))

    def of(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]

    def data(self):
        start = next(i for i, (tag, attrs) in enumerate(self.elements) if attrs.get("id") == "data")
        assert self.elements[start][1]["type"] == "application/json"
        return json.loads(next(text for tag, text in self.text if tag == "script"))


def page_of(result, plan, market, english=None) -> str:
    metrics = measure(result, plan, market)
    return render(
        result,
        metrics,
        plan,
        english or sentences(plan),
        cautions(result, metrics, plan, market),
        market,
        command="rulewright backtest rules/london_breakout.rules --data samples/eurusd_h1.csv",
        versions={"Rulewright": "0.1.0", "Python": "3.11", "kernels": "compiled"},
    )


ENGLISH = Document(
    "London breakout",
    (
        Section("In short", (Paragraph("Buys and sells."), Paragraph("NO STOP LOSS: not true here.", "danger"))),
        Section(
            "Entries",
            (
                Section(
                    "Buy", (Paragraph("When all of:"), Listing((Item("a", (Item("b"), Item("c"))), Item("d")), True))
                ),
            ),
        ),
    ),
)
"""Short, so that the words of other pages are not repeated in this one's golden files."""


def small(rows=None, plan=None, english=None, **changes):
    """A year of EURUSD with some trades, as a page."""
    bars = replace(random_bars(count=2_000), **changes)
    plan = plan or plan_of()
    rows = random_trades(bars, 60) if rows is None else rows
    return page_of(result_from(rows, {"EURUSD": bars}, plan), plan, Market([bars]), english)


@pytest.fixture(scope="module")
def whole() -> str:
    return page_of(*usual())


def outline(text: str) -> str:
    """What a reader reads, a line for each row, heading or paragraph; drawings, styles and scripts left out."""
    text = re.sub(r"<(style|script|svg|noscript)\b.*?</\1>", "", text, flags=re.S)
    lines = re.split(r"</(?:tr|h1|h2|h3|p|li|div|dt|caption|title|header|section)>", text)
    out = []
    for line in lines:
        cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.split(r"</t[hd]>|</dd>", line)]
        cells = [" ".join(cell.split()) for cell in cells]
        row = " | ".join(cell for cell in cells if cell)
        if row:
            out.append(row)
    return "\n".join(out) + "\n"


def test_the_page_reads_as_it_did(golden):
    golden(GOLDEN / "usual.txt", outline(page_of(*usual(1_500, 40), ENGLISH)))


def test_the_page_without_trades_reads_as_it_did(golden):
    golden(GOLDEN / "no_trades.txt", outline(small([], english=ENGLISH)))


def test_same_input_same_bytes(whole):
    assert page_of(*usual()) == whole


def test_every_tag_closes_and_every_id_is_unique(whole):
    read = Reader(whole)
    assert read.problems == []
    assert read.inside == []
    ids = [attrs["id"] for _, attrs in read.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    referred = {attrs["aria-labelledby"] for _, attrs in read.elements if "aria-labelledby" in attrs}
    assert referred <= set(ids)


def test_the_page_has_all_its_parts(whole):
    headings = [text for tag, text in Reader(whole).text if tag == "h2"]
    assert headings == [
        "Before you believe it",
        "Equity and drawdown",
        "Trades on the chart",
        "Figures",
        "Returns by month",
        "What the trades made, and what they cost",
        "Where the result came from",
        "Trades",
        "Wanted, but not done",
        "The strategy in English",
        "Settings",
        "Where this comes from",
        "How the figures are computed",
    ]


def test_nothing_is_fetched(whole):
    for tag, attrs in Reader(whole).elements:
        assert not {"src", "srcset", "data", "action", "background", "poster"} & set(attrs), tag
        assert tag not in {"link", "img", "iframe", "object", "embed", "form", "base"}
        assert "style" not in attrs, "the policy forbids inline styles"
        assert not [name for name in attrs if name.startswith("on")]
    assert [attrs["href"] for attrs in Reader(whole).of("a")] == ["https://www.tradingview.com/lightweight-charts/"]


def test_the_policy_allows_exactly_what_is_inside(whole):
    policy = next(a["content"] for a in Reader(whole).of("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    inside = re.findall(r"<style>(.*?)</style>", whole, re.S) + re.findall(r"<script>(.*?)</script>", whole, re.S)
    assert len(inside) == 3
    hashes = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inside}
    assert {found[8:-1] for found in re.findall(r"'sha256-[^']+'", policy)} == hashes
    assert whole.index("Content-Security-Policy") < whole.index("<style>")


def test_the_chart_library_is_the_pinned_one(whole):
    found = next(s for s in re.findall(r"<script>(.*?)</script>", whole, re.S) if "Lightweight Charts" in s)
    assert hashlib.sha256(found.encode()).hexdigest() == library.SHA256
    assert "attributionLogo: false" in whole


@pytest.mark.parametrize("problem", ["package", "file", "hash"])
def test_without_the_chart_library_there_is_a_banner_and_everything_else(monkeypatch, problem):
    name, value = {
        "package": ("PACKAGE", "not_an_installed_package"),
        "file": ("FILE", "js/not_there.js"),
        "hash": ("SHA256", "0" * 64),
    }[problem]
    monkeypatch.setattr(library, name, value)
    text = small()
    read = Reader(text)
    assert read.problems == []
    assert "The candlestick chart is missing: the " in text
    assert "LightweightCharts" not in text.replace("window.LightweightCharts", "")
    assert "TradingView" not in text
    assert not [attrs for attrs in read.of("button") if "data-trade" in attrs]
    assert 'id="trades"' in text


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'\"><svg onload=alert(1)>",
    "</style><b>x",
    "</title><b>x",
    "--><!-- ]]>",
    "&lt;script&gt;&amp;",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "a\u2028b\u2029c\u202ed\u2066e\x00f\x1bg\ud800h",
    "<" * 3 + "/bdi></td></table>",
]


@pytest.mark.parametrize("evil", HOSTILE)
def test_text_from_outside_stays_text(evil):
    plan = replace(plan_of(name=evil), enter=(replace(plan_of().enter[0], name=evil),))
    bars = replace(random_bars(count=600), source=evil)
    rows = [replace(row, rule=evil, exit_reason="exit:" + evil) for row in random_trades(bars, 12)]
    events = (Event(MONDAY, evil, "cooldown", evil),)
    result = replace(result_from(rows, {"EURUSD": bars}, plan), counts={evil: 1}, events=events)
    english = Document(evil, (Section(evil, (Paragraph(evil, "danger"), Listing((Item(evil, (Item(evil),)),), True))),))
    market = Market([bars])
    metrics = measure(result, plan, market)
    found = cautions(result, metrics, plan, market)
    text = render(result, metrics, plan, english, found, market, command=evil, versions={evil: evil})
    plain = Reader(small(random_trades(random_bars(count=600), 12)))
    read = Reader(text)
    text.encode()
    assert read.problems == []
    assert {tag for tag, _ in read.elements} <= {tag for tag, _ in plain.elements} | {"ol", "ul", "li"}
    assert len(read.of("script")) == 3
    assert not any("49" in shown for tag, shown in read.text if tag in ("h1", "bdi"))
    assert not set("\u2028\u2029\u202e\u2066\x00\x1b") & set(text)
    payload = next(shown for tag, shown in read.text if tag == "script")
    assert not set("<>&") & set(payload)
    assert read.data()["chart"]["trades"][0]["rule"] == evil


def test_hostile_text_is_shown_as_it_was_written():
    read = Reader(small(plan=plan_of(name="<b>bold</b> & “quoted”")))
    assert ("bdi", "<b>bold</b> & “quoted”") in read.text


def test_numbers_in_the_payload_are_finite(whole):
    payload = next(text for tag, text in Reader(whole).text if tag == "script")
    assert "NaN" not in payload
    assert "Infinity" not in payload


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [trade()],
        [trade(exit_reason="end")],
        [trade(position=n, profit=-20.0) for n in range(1, 40)],
        [trade(stop=None, target=None, risk=0.0)],
        [trade(profit=-20_000.0, exit_reason="stop_out")],
        [trade(symbol="GBPUSD")],
    ],
    ids=["none", "one", "open", "losses", "no stop", "ruin", "symbol without bars"],
)
def test_every_kind_of_result_gives_a_page(rows):
    bars = random_bars(count=2_000)
    plan = plan_of()
    other = replace(bars, symbol="GBPUSD")
    text = page_of(result_from(rows, {"EURUSD": bars, "GBPUSD": other}, plan), plan, Market([bars]))
    read = Reader(text)
    assert read.problems == []
    shown = " ".join(text for tag, text in read.text if tag not in ("script", "style"))
    assert not re.search(r"\b(nan|inf|None|True|False)\b", shown)


def test_synthetic_data_and_missing_stops_are_in_plain_sight():
    plan = plan_of(stop="none")
    bars = replace(random_bars(count=600), spread_stated=True)
    rows = random_trades(bars, 10)
    text = page_of(result_from(rows, {"EURUSD": bars}, plan), plan, Market([bars]))
    top = text[: text.index("</header>")]
    assert "Backtest on SYNTHETIC data" in top
    assert "SYNTHETIC data: <bdi>EURUSD</bdi>" in top
    assert "NO STOP LOSS" in top
    assert "Spread assumed, not recorded: <bdi>EURUSD</bdi>" in top
    honest = small(synthetic=False)
    assert "SYNTHETIC" not in honest
    assert "Recorded prices" in honest


def test_a_million_bars_and_many_trades_make_a_page_below_five_megabytes():
    bars = random_bars(count=1_000_000, step=MINUTE, timeframe="M1")
    plan = plan_of()
    plan = replace(plan, trade=replace(plan.trade, timeframe="M1"))
    rows = random_trades(bars, 12_000)
    text = page_of(result_from(rows, {"EURUSD": bars}, plan), plan, Market([bars]))
    assert len(text.encode()) < 5_000_000
    assert f"The latest {LISTED_TRADES:,} of {len(rows):,} trades" in text
    assert "of 1,000,000 bars are drawn" in text


def test_the_trades_of_the_list_and_of_the_chart_are_the_same():
    read = Reader(small())
    shown = [trade["number"] for trade in read.data()["chart"]["trades"]]
    buttons = [int(attrs["data-trade"]) for attrs in read.of("button") if "data-trade" in attrs]
    assert shown == buttons[::-1]


def test_the_script_reads_only_what_the_page_has(whole):
    """Every id and every payload name that the script uses is there."""
    script = page.ASSETS.joinpath("report.js").read_text(encoding="utf-8")
    ids = {attrs["id"] for _, attrs in Reader(whole).elements if "id" in attrs}
    assert set(re.findall(r'byId\("([^"]+)"\)', script)) <= ids
    data = Reader(whole).data()
    assert set(re.findall(r"\bhover\.(\w+)", script)) <= set(data["hover"])
    assert set(re.findall(r"\btrade\.(\w+)", script)) <= set(data["chart"]["trades"][0])
    packed = next(iter(data["chart"]["symbols"].values()))
    assert set(re.findall(r"\bpacked\.(\w+)", script)) - {"length"} <= set(packed)
