"""Reading scans: pages without text get their words, before another engine reads them or beneath their picture."""
