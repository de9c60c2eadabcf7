public import Reports

/// Why an image can't be read: what happened, what it means, and what to do, a sentence each.
public typealias ImageError = Failure
