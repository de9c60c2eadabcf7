import LinuxCalls
import SpindleJobs

extension Output {
    /// Asks a person on the terminal for consent; nobody gives it where there is none.
    ///
    /// - Parameters:
    ///   - question: What is asked.
    ///   - meaning: What it means that it was not answered, where a stop is wished: one sentence.
    ///   - cancellation: Heeded while it waits for the answer.
    /// - Returns: Whether it was given.
    /// - Throws: ``Reports/Failure`` if a stop was wished before an answer came.
    func ask(_ question: String, meaning: String, _ cancellation: Cancellation) throws(Failure)
        -> Bool
    {
        let answer = answer(to: question + " [y/N]", cancellation)?.lowercased() ?? ""
        guard !cancellation.isRequested else {
            throw Failure(
                .interruption,
                "The job was stopped, and the question was not answered.",
                meaning: meaning,
                advice: ""
            )
        }
        return answer == "y" || answer == "yes"
    }

    /// What asks a person on the terminal for all that a job needs consent to.
    ///
    /// - Parameters:
    ///   - agrees: Whether a person has agreed beforehand, so that nobody is asked.
    ///   - cancellation: Heeded while it waits for answers.
    /// - Returns: What asks.
    func consent(unless agrees: Bool = false, _ cancellation: Cancellation)
        -> (BurnQuestion) throws(Failure) -> Bool
    {
        { question throws(Failure) in
            if agrees { return true }
            let meaning = question.refusal.meaning
            return try self.ask(question.text, meaning: meaning, cancellation)
        }
    }

    /// Asks a person on the terminal which of several things it is to be.
    ///
    /// - Parameters:
    ///   - question: What is asked.
    ///   - choices: The things, a line each.
    ///   - none: What it means to take none, which is what an empty answer does.
    ///   - cancellation: Heeded while it waits for the answer.
    /// - Returns: The place of the choice; -1 for none; `nil` where there is nobody to ask.
    func choose(
        _ question: String,
        among choices: [String],
        none: String,
        _ cancellation: Cancellation
    ) -> Int? {
        guard hasPerson else { return nil }
        note([question] + choices.enumerated().map { "  \($0 + 1)  \($1)" } + ["  0  \(none)"])
        for _ in 0..<3 {
            guard let answer = answer(to: "Number [0]:", cancellation), !answer.isEmpty else {
                return -1
            }
            if let number = Int(answer), (0...choices.count).contains(number) { return number - 1 }
            note(["That is no number from 0 to \(choices.count)."])
        }
        return -1
    }
}
