"""Pages and posts of guides, questions, quizzes and reviews."""
