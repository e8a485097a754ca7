"""Pages of our own to explain: one with every kind of cut, one in Arabic, one that attacks its reader."""

from pathlib import Path

from aggregator.extract.explanation import Explanation, explain
from aggregator.extract.page import extract
from aggregator.extract.saved import page_of
from aggregator.model.outlet import Rules

URL = "https://harbour.example/2026/03/ferry-stays"
_CROWD = (
    "Some four thousand people had walked across the new bridge before noon on the day it opened, many of "
    "them with dogs and folding chairs, and the mayor said that the toll would be decided in autumn, when "
    "the first figures on traffic are known."
)
FERRY = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Ferry stays | The Harbour Post</title><link rel="canonical" href="{URL}">
<meta property="og:title" content="Ferry stays at the pier">
<meta name="description" content="Six years of repairs and a crane that nobody ordered.">
<meta property="article:published_time" content="2026-03-03T08:00:00+01:00">
<meta name="author" content="Jane Roe"></head><body><main><article><h1>Ferry stays at the pier</h1>
<p>By Jane Roe</p>
<p>The ferry stays at the pier for a third week, and the council of the town has begun to count the ropes that
hold it, one after the other, in the rain.</p><p>{_CROWD}</p>
<p>Read also: Gulls learn to count in Port Wrenley</p>
<h2>What comes next</h2><p>Fishermen had feared for their moorings. Nobody knows what it will cost.
Read also: Gulls have learned to open lunch boxes What the harbour needs is a crane, what it has is a rope.
What comes next is unclear, and what the council will decide is unclear as well.</p>
<ul><li>A pier on the eastern side of the harbour, says the council of the town.</li></ul>
<blockquote><p>“I have waited for this day for six years,” said the ferryman’s daughter.</p></blockquote>
<p>Share on Facebook</p></article></main></body></html>"""
ARABIC = """<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8">
<title>العبارة باقية</title>
<meta property="og:title" content="العبارة باقية في الميناء والمجلس يعد الحبال"></head><body><main><article>
<p>تبقى العبارة القديمة عند الرصيف للأسبوع الثالث على التوالي، وقد بدأ مجلس البلدة يعد الحبال التي تمسك بها
واحدا بعد الآخر تحت المطر، بينما ينتظر الركاب خبرا عن موعد الرحلة القادمة.</p>
<p>اقرأ أيضا: النوارس تتعلم العد في ميناء الشرق</p>
<p>وقال رئيس البلدية إن رسوم الجسر ستقرر في الخريف، حين تعرف الأرقام الأولى عن حركة المرور، وأضاف أن
الصيادين سيحصلون على رصيف جديد في الجهة الشرقية من الميناء قبل نهاية العام.</p>
</article></main></body></html>"""
# What a table takes for markup, a terminal for an order, a template for code, a browser for a script.
HOSTILE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>x</title>
<meta property="og:title" content="Ferry \u202esliaf\u202c [red]stays[/] \x1b[31mred">
<meta name="author" content="Jane &quot;&gt;&lt;img src=x onerror=alert(2)&gt; Roe"></head><body><article>
<p>&lt;script&gt;alert(1)&lt;/script&gt; The ferry [red]stays[/red] {{{{ 7 * 7 }}}} at the pier for a third
week, and the council of the town has begun to count \x1b]0;owned\x07 the ropes that hold it, in the rain.</p>
<p>{_CROWD}</p><p>{"a" * 400} {"word " * 80} {"b" * 3000}</p>
<p>Read also: [link=file:///etc/passwd]Gulls[/link] &lt;/style&gt;&lt;script&gt;alert(3)</p>
</article></body></html>"""


def explained(html: str, url: str = URL, rules: Rules | None = None) -> Explanation:
    return explain(extract(page_of(url, html.encode()), rules or Rules()), 0.0375)


def write(folder: Path, html: str, name: str = "page.html") -> Path:
    path = folder / name
    path.write_text(html, encoding="utf-8")
    return path
