-- For which quarters does the store answer? Those that any extract but the register describes,
-- and where there is none, the newest register's own.
-- grain: one row per quarter
with described as (
    select distinct quarter
    from current_submission
    where extract <> 'schools'
),

registered as (
    select max(quarter) as quarter
    from current_submission
    where extract = 'schools'
)

select quarter from described
union
select quarter from registered
where quarter is not null
    and not exists (select d.quarter from described as d)
order by quarter
