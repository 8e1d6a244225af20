"""Which version of the data is current: the number of each dataset, which changes with every change."""

CURRENT = "SELECT string_agg(version::text, '-' ORDER BY dataset) FROM public_view.data_versions"
"""One text for all the datasets: what is shown of places may depend on territories, by its filter."""
