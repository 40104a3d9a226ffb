"""Line-level evidence: what recording tools stored beside the commits, one dialect per module."""
