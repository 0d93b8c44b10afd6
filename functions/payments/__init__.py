"""What Stripe says of payments, and what becomes of it: the only place where money turns into credits."""
