"""Notebooks as programs and as pages: run them, write each as one HTML file that stands alone.

`execute` runs a notebook in a kernel of its own; `export` turns an executed notebook into a page
that requests nothing from anywhere: `static` makes its outputs stand alone, `unplayed` says what
stands in a player's place on paper, `page` is what is around them, `guide` what others know of it,
`tables` makes wide tables fit a phone and `code_lines` long lines of code, `answers` has answers at
the end of the paper, `scripts` copy its code and mark what was looked for.
`masked` has replaced before what nobody gives away, and `own_seconds` left AWS's seconds alone;
`terms` tells a page's words at its end, `voice` speaks to who reads it, and `exercises` offers the
solutions of those that nobody has done. Of all pages
`set_of_pages` makes a set, with `links` between those that are there and the `index` of them, in
which `search` finds their sections, and `single` one file. `variants` are a sheet to work through,
and pages for an instructor. `publishing` puts them in their place. `notebooks` knows which
notebooks there are, and `executed` reads one that somebody ran; `exporter` makes a page of it for
nbconvert and JupyterLab's menu. `footer` says with what a page was made, `unfulfilled` what did not
come out as the text says, `kept` has what ran for pages that are not there yet, and `formats`
spares whoever reads notebooks a second.
Nothing here talks to AWS: the notebooks do.
"""

from workshop.guides.formats import leave_out_addresses

leave_out_addresses()
