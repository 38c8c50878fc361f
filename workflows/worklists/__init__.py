"""Worklists: what each person has to do next, by legal date, from the rows that the actions keep.

`tabs` counts, `filters` reads the address, `sorting` orders and turns pages, `columns` says what is shown, `choices` what may be
chosen, `rows` reads the page itself. None of it reads a case to filter, count or sort.
"""
