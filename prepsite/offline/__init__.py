"""The site without a network: what makes it installable, and the page that stands in for those that cannot be reached.

release   which deployment this is, so that a new one replaces what devices keep
views     the service worker, the manifest, the stand-in page
"""
