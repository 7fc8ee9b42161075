"""What computes: the sentence encoder of the starter planner, and the engines that run models.

Nothing is imported here: a child process that runs one model should not pay for the rest.
"""
