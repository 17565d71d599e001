"""The document model: what understanding yields and the writer writes. Lengths are points, y down."""
