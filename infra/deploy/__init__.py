"""Deploys a stage to an AWS account: `make deploy STAGE=…`."""
