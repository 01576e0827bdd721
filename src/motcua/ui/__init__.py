"""The face: stylesheet, skeletons, components, words for dates and numbers, error pages."""
