"""Berita acara: what happened in one sitting, told from the event log, fixed as numbered versions."""
