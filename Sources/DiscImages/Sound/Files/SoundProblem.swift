import LinuxCalls

/// An audio file can't become a track of a CD.
struct SoundProblem: Error {
    /// What is wrong with it, as the rest of a sentence about the file: “is empty”.
    let problem: String
    /// What to do: one sentence.
    let advice: String

    init(_ problem: String, advice: String = "Get the file again, or leave it out.") {
        self.problem = problem
        self.advice = advice
    }

    /// There is no room for what it is decoded into.
    init(_ error: NamelessFileError) {
        self.init(
            "can't be decoded into \(error)",
            advice: error.advice(or: "decode it to WAVE first")
        )
    }

    /// Decoders take the first piece of such a file alone.
    static let severalPieces = SoundProblem(
        "holds several pieces one after the other, and only the first of them would be decoded",
        advice: "Take them apart first, or decode all of them to WAVE."
    )
}
