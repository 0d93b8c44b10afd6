"""The service under attack: real jobs on the embedded AWS, while what it runs on is killed, refused, repeated and lost.

plan.py      what is asked for and what goes wrong, when: a pure function of a seed
proxy.py     stands between the functions and AWS, and lets their calls fail
attacks.py   kills, freezes and starves processes; repeats and delays messages; ends executions; restarts AWS
client.py    asks again as the documentation says that one should
customers.py who asks for jobs, and newcomers.py for an account first
evidence.py  what the tables, the bucket and the queues hold after a round; dead_letters.py what was given up
auditor.py   what is wrong with that; pure
campaign.py  rounds of all this
"""
