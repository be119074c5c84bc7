"""Coverage of more than one city: three GeoParquet tables, on this machine or on many.

`parquet` reads and checks them, `sums` counts what adds up over parts of them, `area_table`
makes the table of it; `single` takes all the rows at once, `dask_coverage` parts of them on
Dask's workers (`dask_workers`). Both give the same result.
"""
