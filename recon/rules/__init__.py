"""The rules as data: catalog, cases, and the pages that explain them."""
