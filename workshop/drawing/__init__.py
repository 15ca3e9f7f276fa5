"""From tables to the retry timeline: `lanes` (what happened), `scale` (time axis with breaks),
`artist` (marks on an Axes), `words` (alt text and table), `timeline` (all of it, one call)."""
