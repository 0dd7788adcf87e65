"""The classroom: lessons as data, own numbers for every student, and answers that are marked by theory.

A lesson is a folder of texts (`lessons/<name>`): story, scenario, questions with what counts as right, a worked solution and a
sheet for the teacher. What is right is never a number in a file: it is a function of `chainsim.theory` of the lesson's numbers,
or what the scenario itself gives, in a band over seeds.
"""
