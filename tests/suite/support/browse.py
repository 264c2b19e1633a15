#!/usr/bin/env python3
"""A person with a browser, for tests: opens an address, logs in, consents, and ends where no form is left.

    browse.py ADDRESS

Set it as BROWSER, or run it. Cookies are kept, forms filled in, redirects followed, also those to a callback on
this machine; a request for the icon follows the last page, as browsers do. Variables:

    BROWSE_DENY=1        says no at the first page that lets one
    BROWSE_USER=NAME     logs in as somebody else than `ops`
    BROWSE_WITHOUT=LIST  unticks these boxes, separated by commas
    BROWSE_SEEN=FILE     writes what was seen: one JSON object per page (address, status, headers, text)

Ends with 0 when the last page was no error, else with 1.
"""

import http.cookiejar
import json
import os
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser

MOST_PAGES = 12


class Forms(HTMLParser):
    """The first form of a page: where it goes, its fields, and its buttons, also those outside."""

    def __init__(self):
        super().__init__()
        self.action = self.method = None
        self.fields, self.buttons = [], []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form" and self.method is None:
            self.action, self.method = attributes.get("action", ""), attributes.get("method", "get").lower()
        elif tag == "input" and self.method is not None and attributes.get("name"):
            self.fields.append(attributes)
        elif tag == "button" and attributes.get("name"):
            self.buttons.append((attributes["name"], attributes.get("value", "")))


def filled(form):
    """What a person would send, as pairs."""
    unticked = os.environ.get("BROWSE_WITHOUT", "").split(",")
    pairs = []
    for field in form.fields:
        kind, name, value = field.get("type", "text"), field["name"], field.get("value", "")
        if kind == "password":
            value = "passwd"
        elif kind == "text" and not value:
            value = os.environ.get("BROWSE_USER", "ops")
        elif kind == "checkbox" and ("checked" not in field or value in unticked):
            continue
        pairs.append((name, value))
    buttons = dict(form.buttons)
    if os.environ.get("BROWSE_DENY"):
        pairs += refusals(form)[:1]
    elif buttons.get("decision"):
        pairs.append(next(pair for pair in form.buttons if pair[0] == "decision"))
    return pairs


def refusals(form):
    """The buttons that say no."""
    return [pair for pair in form.buttons if "abort" in pair or "deny" in pair]


class Pages(urllib.request.HTTPRedirectHandler):
    """Opens pages; every stop on the way is written down."""

    def __init__(self):
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        # A person clicks the warning away: callbacks on this machine have certificates of their own making.
        trust = urllib.request.HTTPSHandler(context=ssl._create_unverified_context())
        direct = urllib.request.ProxyHandler({})
        self.quiet = False
        self.opener = urllib.request.build_opener(direct, cookies, trust, self)

    def redirect_request(self, request, answer, code, message, headers, address):
        write(request.full_url, code, headers, "")
        return super().redirect_request(request, answer, code, message, headers, address)

    def open(self, address, body=None, referrer=None):
        request = urllib.request.Request(address, data=body, headers={"User-Agent": "Mozilla/5.0 (browse.py)"})
        if referrer and not self.quiet:
            request.add_header("Referer", referrer)
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        self.quiet = answer.headers.get("Referrer-Policy") == "no-referrer"
        text = answer.read().decode("utf-8", "replace")
        write(answer.url, answer.status, answer.headers, text)
        return answer.url, answer.status, text


def write(address, status, headers, text):
    if seen := os.environ.get("BROWSE_SEEN"):
        row = {"address": address, "status": status, "headers": {k.lower(): v for k, v in headers.items()}, "text": text}
        with open(seen, "a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def main(address):
    pages = Pages()
    there, status, text = pages.open(address)
    for _ in range(MOST_PAGES):
        form = Forms()
        form.feed(text)
        if form.method is None or status >= 400:
            break
        target = urllib.parse.urljoin(there, form.action or there)
        body = urllib.parse.urlencode(filled(form))
        if form.method == "post":
            there, status, text = pages.open(target, body.encode(), there)
        else:
            there, status, text = pages.open(f"{target}?{body}", None, there)
        if os.environ.get("BROWSE_DENY") and refusals(form):
            break
    else:
        sys.exit(f"browse.py: more than {MOST_PAGES} pages")
    if urllib.parse.urlsplit(there).netloc != urllib.parse.urlsplit(address).netloc:
        try:
            pages.open(urllib.parse.urljoin(there, "/favicon.ico"), None, there)
        except OSError:
            pass  # The listener may be gone, as it should be.
    if status >= 400:
        sys.exit(f"browse.py: {status} at the end")


if __name__ == "__main__":
    main(sys.argv[1])
