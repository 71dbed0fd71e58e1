-- For which quarters does the store answer? Those that any extract of quarters describes, and where
-- there is none, the newest register's own.
-- grain: one row per quarter
with described as (
    select distinct s.quarter
    from submission_status as s
    inner join extract as e on s.extract = e.extract
    where e.dated_by = 'quarter'
),

registered as (
    select max(quarter) as quarter
    from submission_status
    where extract = 'schools'
)

select quarter from described
union
select quarter from registered
where quarter is not null
    and not exists (select d.quarter from described as d)
order by quarter
