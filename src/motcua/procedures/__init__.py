"""Administrative procedures as data: who may ask for what, with which form, papers, fee, time and steps."""
