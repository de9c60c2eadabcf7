public import Reports

/// Something that a burn does only if a person agrees to it.
public struct BurnQuestion: Hashable, Sendable {
    /// What is so, without the full stop.
    var fact: String
    /// What is asked.
    var question: String
    /// What it is, as the end of the sentence that refuses it.
    var consequence: String
    /// What to do instead.
    var advice: String
    /// What it means for the disc that nobody agreed.
    var meaning: String
    /// Whether it is about data that would be overwritten.
    var isOverwriting = false
    /// What scripts may tell the refusal by.
    var reason = Failure.Reason.consent

    /// The question, for a terminal.
    public var text: String { "\(fact). \(question)" }

    /// Why the burn does not go on where nobody agrees.
    public var refusal: Failure {
        Failure(.unsuitable, reason, "\(fact)\(consequence).", meaning: meaning, advice: advice)
    }
}

extension BurnQuestion {
    /// Data on a disc would be overwritten.
    ///
    /// - Parameters:
    ///   - name: The kind of disc.
    ///   - held: What is known of the data.
    /// - Returns: The question.
    static func overwriting(_ name: String, _ held: HeldData?) -> BurnQuestion {
        BurnQuestion(
            fact: "The \(name) holds data\(held.map { $0.inBrackets } ?? "")",
            question: "Overwrite them?",
            consequence: ", which this burn would overwrite",
            advice: "Use another disc, or agree with --yes.",
            meaning: "Nothing was written; the data is still there.",
            isOverwriting: true
        )
    }

    /// A burn that was broken off would be gone on with over what the disc holds.
    ///
    /// - Parameters:
    ///   - name: The kind of disc.
    ///   - sectors: The sectors of the image that it holds.
    /// - Returns: The question.
    static func goingOn(_ name: String, behind sectors: Int) -> BurnQuestion {
        BurnQuestion(
            fact:
                "The \(name) holds the first \(Wording.sectors(sectors)) of the image, and may hold something else after \(sectors == 1 ? "it" : "them")",
            question: "Overwrite what follows with the rest of the image?",
            consequence: ", which this burn would overwrite",
            advice: "Use another disc, or agree with --yes.",
            meaning: "Nothing was written; the disc is unchanged.",
            isOverwriting: true
        )
    }

    /// Data from a pipe would have to come as fast as the drive writes.
    ///
    /// - Parameters:
    ///   - name: The kind of disc.
    ///   - drive: The drive's node.
    /// - Returns: The question.
    static func hurrying(_ name: String, in drive: String) -> BurnQuestion {
        BurnQuestion(
            fact:
                "The drive \(drive) can't go on with a \(name) once data came too late, and nobody knows how fast a pipe delivers them",
            question: "Burn from the pipe all the same?",
            consequence: ": the disc could be spoilt",
            advice: "Get the image into a file and burn that, or agree with --yes.",
            meaning: "Nothing was written; the disc is unchanged."
        )
    }

    /// An image's file system has addresses that don't count from where it would go.
    ///
    /// - Parameters:
    ///   - name: The kind of disc.
    ///   - address: Where it would go.
    ///   - madeFor: Where it would have to go.
    ///   - isBlankable: Whether the disc can be made blank.
    /// - Returns: The question.
    static func misplacing(_ name: String, at address: Int, madeFor: Int, isBlankable: Bool)
        -> BurnQuestion
    {
        let isLater = address > 0
        let instead =
            isLater
            ? "Add the files themselves (spindle add)"
                + (isBlankable ? ", blank the disc first," : ", use a blank disc,")
            : "Put it after the sessions that it was made for,"
        return BurnQuestion(
            fact: isLater
                ? "The \(name) already holds data, and the image, which was made for sector \(madeFor), would begin at sector \(address)"
                : "The image was made to begin at sector \(madeFor), after other sessions, and would begin at sector 0",
            question: "Its files would not be found there. Write it all the same?",
            consequence: ": its files would not be found there",
            advice: "\(instead) or agree with --yes.",
            meaning: "Nothing was written; the disc is unchanged."
        )
    }
}
