public import Reports

/// Why something can't be done: what happened, what it means for the disc, and what to do, a sentence each.
///
/// `reason` is a word that stays the same from version to version; the sentences may change.
public typealias SpindleError = Failure
