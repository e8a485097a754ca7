"""Feeds of every family that list the same article, for the tests of the parsers."""

from aggregator.model.outlet import Seed, SeedKind

SEED = Seed(SeedKind.FEED, "https://news.example/feeds/all.xml")
URL = "https://news.example/2024/05/06/council-votes-budget"

RSS_2 = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule">
<channel><title>News</title><link>https://news.example/</link>
<creativeCommons:license>https://creativecommons.org/licenses/by/4.0/</creativeCommons:license>
<item>
  <title>Council &amp;amp; mayor &lt;em&gt;vote&lt;/em&gt; the budget</title>
  <link>{URL}</link>
  <description><![CDATA[<p>It took <b>six</b> hours.</p><p>Nobody left&nbsp;early.</p>]]></description>
  <dc:creator>Ada Bell and Cem Dal</dc:creator>
  <guid isPermaLink="false">budget-1</guid>
  <pubDate>Mon, 06 May 2024 10:30:00 +0200</pubDate>
</item></channel></rss>"""

RSS_091 = f"""<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">
<rss version="0.91"><channel><title>News</title><link>https://news.example/</link>
<item><title>Caf&eacute; opens</title><link>{URL}</link></item></channel></rss>"""

RSS_090 = f"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>News</title><link>https://news.example/</link></channel>
<item><title>Council votes</title><link>{URL}</link></item></rdf:RDF>"""

RSS_1 = f"""<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
         xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://news.example/"><title>News</title></channel>
<item rdf:about="{URL}"><title>Council votes</title><link>{URL}</link>
<dc:creator>Ada Bell</dc:creator><dc:date>2024-05-06T10:30:00+02:00</dc:date></item></rdf:RDF>"""

ATOM_1 = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/2024/">
<title>News</title><link rel="self" href="/feed"/>
<entry>
  <id>tag:news.example,2024:1</id>
  <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Council <em>votes</em></div></title>
  <link rel="enclosure" href="picture.jpg"/>
  <link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/"/>
  <link rel="alternate" type="application/pdf" href="05/06/council-votes-budget.pdf"/>
  <link rel="alternate" type="text/html" href="05/06/council-votes-budget"/>
  <author><name>Ada Bell</name><email>ada@news.example</email></author>
  <author><name>Cem Dal</name></author>
  <published>2024-05-06T08:30:00Z</published><updated>2024-05-06T09:00:00Z</updated>
  <summary>Six hours.</summary>
</entry></feed>"""

ATOM_03 = f"""<?xml version="1.0" encoding="utf-8"?>
<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>News</title>
<entry><title>Council votes</title><link rel="alternate" href="{URL}"/>
<issued>2024-05-06T08:30:00Z</issued><modified>2024-05-06T09:00:00Z</modified></entry></feed>"""

JSON_1 = f"""{{"version": "https://jsonfeed.org/version/1", "title": "News", "items": [
  {{"id": 1, "url": "{URL}", "title": "Council votes", "author": {{"name": "Ada Bell"}},
    "summary": "Six hours.", "date_published": "2024-05-06T10:30:00+02:00"}}]}}"""

JSON_11 = f"""{{"version": "https://jsonfeed.org/version/1.1", "items": [
  {{"id": "{URL}", "title": "Council votes", "authors": [{{"name": "Ada Bell"}}, {{"name": "Cem Dal"}}, {{}}],
    "date_published": "2024-05-06T08:30:00Z", "date_modified": "2024-05-06T09:00:00Z"}},
  {{"id": "2"}}, "not an item"]}}"""


def rss(*items: str) -> bytes:
    """An RSS feed of these ``<item>`` contents."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{inside}</channel></rss>'.encode()
