"""Pictures of reviewing: pure numbers in; shapes, one sentence and a table out. A template draws them all alike.

picture       what a picture is made of, and the axes of a chart
heat_map      a year of study days
load          what waits on the coming days
retention     what was remembered of young and of mature cards
histograms    stability, difficulty and predicted recall of the cards
calibration   predictions beside what happened
forgetting    recall by the days since the last review
time_spent    minutes by day
mastery_map   topics by what they build on, with the recall predicted in each
readiness     what was forecast for the interview, day by day
mock_history  points of mock interviews by dimension
"""

from quizzes.pictures.picture import Picture

__all__ = ["Picture"]
