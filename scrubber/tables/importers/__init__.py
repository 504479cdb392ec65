"""Importers: CMS files and code lists as their publishers give them, recognised by what is in them."""
