"""What happens to a referral, one module a stage; `flow` tells them in order."""
