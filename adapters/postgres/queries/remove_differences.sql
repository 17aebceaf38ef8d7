-- It follows `remove_content` in its transaction: a statement of its own sees what was added while that one waited.
delete from execution_differences where execution_id = any(%(id)b::uuid[])
