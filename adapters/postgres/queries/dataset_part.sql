-- A further part. Bodies are stored uncompressed by the database (`storage external`), so it reads no more than that.
select substring(body from %(start)s for %(count)s) as part from execution_inputs where execution_id = %(id)s
