"""Bantuan: what a person cannot mend alone, an official does under supervision."""
