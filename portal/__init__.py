"""Build the pages made of several rooms: homes, navigation, search, the job desk, notifications."""
