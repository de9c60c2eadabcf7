package import SpindleJobs
package import SystemPackage

extension Settings {
    /// Reads the lines of the file: `key = value`, `[model of a drive]`, and comments after `#`.
    ///
    /// - Parameters:
    ///   - text: What the file contains.
    ///   - file: Its path, for sentences.
    /// - Throws: ``Reports/Failure`` about the first line that is wrong.
    package mutating func read(_ text: String, of file: FilePath) throws(Failure) {
        // The Unicode scalars: "\r\n" is one character to Swift.
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, scalars) in lines.enumerated() {
            let line = Line(
                text: Self.withoutComment(String(scalars)),
                number: index + 1,
                file: file
            )
            guard !line.text.isEmpty else { continue }
            if line.text.hasPrefix("[") {
                models.append(try model(line))
            } else {
                try add(line)
            }
        }
    }

    /// A line without its comment, and without blanks around it.
    private static func withoutComment(_ line: String) -> String {
        var end = line.endIndex
        var isAfterBlank = true
        for place in line.indices {
            if line[place] == "#", isAfterBlank {
                end = place
                break
            }
            isAfterBlank = line[place].isWhitespace
        }
        return trimmed(line[..<end])
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }

    /// The section that a line begins.
    private func model(_ line: Line) throws(Failure) -> Model {
        let name = Self.trimmed(line.text.dropFirst().dropLast())
        guard line.text.hasSuffix("]"), line.text.count > 2, !name.isEmpty else {
            throw line.wrong(
                "“\(line.text)” names no drive",
                "Write the model as “spindle drives” shows it: [HL-DT-ST BD-RE WH16NS60]."
            )
        }
        guard !models.contains(where: { Model.words($0.name) == Model.words(name) }) else {
            throw line.wrong("there are two sections [\(name)]", "Keep one of them.")
        }
        return Model(name: name)
    }

    /// Adds what a line sets.
    private mutating func add(_ line: Line) throws(Failure) {
        guard let sign = line.text.firstIndex(of: "=") else {
            throw line.wrong(
                "“\(line.text)” sets nothing",
                "Write a setting and its value: progress = plain."
            )
        }
        let name = Self.trimmed(line.text[..<sign])
        let value = Self.trimmed(line.text[line.text.index(after: sign)...])
        guard let key = SettingKey(rawValue: name) else {
            guard !SettingKey.consents.contains(name) else {
                throw line.wrong(
                    "“\(name)” can't be set here",
                    "It agrees to something; give it on the command line each time."
                )
            }
            let names = SettingKey.allCases.map(\.rawValue).joined(separator: ", ")
            throw line.wrong("there is no setting “\(name)”", "Choose one of these: \(names).")
        }
        guard key.accepts(value) else {
            throw line.wrong(
                value.isEmpty ? "\(name) has no value" : "“\(value)” is no value of \(name)",
                "Set it to \(key.form)."
            )
        }
        let setting = Setting(key: key, value: value, file: line.file, line: line.number)
        guard let last = models.indices.last else {
            guard key.isGeneral else {
                throw line.wrong(
                    "\(name) belongs to a drive's model",
                    "Put it after a line with the model in brackets, as “spindle drives” shows it."
                )
            }
            try line.checkNew(key, among: general)
            general.append(setting)
            return
        }
        guard key.isOfModel else {
            throw line.wrong(
                "\(name) does not belong to a drive's model",
                "Put it before the first line in brackets."
            )
        }
        try line.checkNew(key, among: models[last].settings)
        models[last].settings.append(setting)
    }
}

/// A line of the file.
private struct Line {
    let text: String
    let number: Int
    let file: FilePath

    /// What is wrong with it.
    func wrong(_ what: String, _ advice: String) -> Failure {
        Failure(
            .usage,
            "\(file):\(number): \(what).",
            meaning: "Nothing was done.",
            advice: advice
        )
    }

    /// Fails if the key was set before.
    func checkNew(_ key: SettingKey, among settings: [Setting]) throws(Failure) {
        guard let first = settings.first(where: { $0.key == key }) else { return }
        throw wrong("\(key.rawValue) is set already, in line \(first.line)", "Keep one of them.")
    }
}
