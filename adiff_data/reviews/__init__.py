"""What people said of answers that they listened to: events, who gets which row, and what comes of it."""
