"""Berkas: KTP, photo and ijazah, made harmless, kept privately, with a receipt."""
