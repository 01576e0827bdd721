"""edXML: the message by which document systems exchange letters and their states (QCVN 102:2016/BTTTT)."""
