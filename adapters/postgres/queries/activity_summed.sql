-- The beginning of the first hour that has not been added up.
select until from activity_summed
