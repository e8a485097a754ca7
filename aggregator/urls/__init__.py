"""URLs: what is an address, its normal form, and the key under which two addresses are one page."""

from aggregator.urls.address import absolute, host, is_same_domain, is_same_site, is_web, site
from aggregator.urls.change import Change
from aggregator.urls.form import Form, canonical_url, form, url_key

__all__ = [
    "Change",
    "Form",
    "absolute",
    "canonical_url",
    "form",
    "host",
    "is_same_domain",
    "is_same_site",
    "is_web",
    "site",
    "url_key",
]
