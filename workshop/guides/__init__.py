"""Notebooks as programs and as pages: run them, write each as one HTML file that stands alone.

`execute` runs a notebook in a kernel of its own; `export` turns an executed notebook into a page
that requests nothing from anywhere: `static` makes its outputs stand alone, `page` is what is
around them. `index` lists the pages; `notebooks` knows which notebooks there are; `unfulfilled`
says what did not come out as the text says. Nothing here talks to AWS: the notebooks do.
"""
