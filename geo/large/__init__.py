"""Coverage of more than one city: three GeoParquet tables, on this machine or on many.

`tables` reads and checks them, `sums` counts what adds up over parts of them, `answer`
makes the table of it; `single` takes all the rows at once, `cluster` parts of them on
Dask's workers. Both answer alike.
"""
