extension ParityPlane {
    /// What may have stood in the plane.
    ///
    /// A code word can seem to have a single wrong cell where it has several, so each way of going
    /// about it may end elsewhere, and something else has to tell which end is right.
    ///
    /// - Parameter suspects: Which cells may be wrong; empty if that is not known.
    /// - Returns: In the order in which they are to be tried; empty if the code words don't tell.
    func candidates(suspects: [Bool]) -> [ParityPlane] {
        var found: [ParityPlane] = []
        for flags in suspects.contains(true) ? [suspects, []] : [[]] {
            for way in Way.allCases {
                var plane = self
                plane.correct(by: way, suspects: flags)
                if plane.isPlausible, !found.contains(plane) { found.append(plane) }
                // So far from the end, no way leads there.
                if !plane.isPlausible, plane.wrongWords > Self.words / 2 { break }
            }
        }
        return found
    }

    /// An order of the steps.
    private enum Way: CaseIterable {
        case columnsFirst, crossingsFirst, diagonalsFirst, columnsInTurn, diagonalsInTurn
    }

    /// Whether one of the two codes finds nothing wrong.
    private var isPlausible: Bool { wrongColumns.isEmpty || wrongDiagonals.isEmpty }

    /// Whether both find nothing wrong.
    var isRight: Bool { wrongColumns.isEmpty && wrongDiagonals.isEmpty }

    private var wrongWords: Int { wrongColumns.count + wrongDiagonals.count }

    private mutating func correct(by way: Way, suspects: [Bool]) {
        var suspects = suspects
        correctConfirmed()
        while correctSuspects(&suspects) { correctConfirmed() }
        switch way {
        case .columnsFirst:
            correctLikely(columnsFirst: true)
            correctCrossings()
        case .crossingsFirst:
            correctCrossings()
            correctLikely(columnsFirst: true)
            correctCrossings()
        case .diagonalsFirst:
            correctLikely(columnsFirst: false)
            correctCrossings()
        case .columnsInTurn: correctInTurn([0..<Self.columns, Self.columns..<Self.words])
        case .diagonalsInTurn: correctInTurn([Self.columns..<Self.words, 0..<Self.columns])
        }
    }

    // MARK: Steps

    /// Corrects each cell that both of its words find wrong, and find nothing else.
    private mutating func correctConfirmed() {
        var isChanged = true
        while isChanged {
            isChanged = false
            for column in 0..<Self.columns {
                guard let error = single(in: column),
                    let other = Self.crossing(column, at: error.cell),
                    isExplained(other.word, by: other.position, error.value)
                else { continue }
                apply(error)
                isChanged = true
            }
        }
    }

    /// Corrects suspected cells where a word has no more than two of them.
    ///
    /// - Returns: Whether anything came of it; what came of it is suspected no more.
    private mutating func correctSuspects(_ suspects: inout [Bool]) -> Bool {
        guard !suspects.isEmpty else { return false }
        var isChanged = false
        for word in 0..<Self.words {
            var places: [Int] = []
            for position in 0..<Self.length(of: word)
            where suspects[Self.cell(position, of: word)] {
                places.append(position)
                if places.count > 2 { break }
            }
            guard (1...2).contains(places.count) else { continue }
            if isWrong(word) {
                guard let errors = errors(in: word, at: places) else { continue }
                for error in errors { apply(error) }
            }
            for place in places { suspects[Self.cell(place, of: word)] = false }
            isChanged = true
        }
        return isChanged
    }

    /// What makes a word right that is wrong at one or two positions; `nil` if nothing there does.
    private func errors(in word: Int, at positions: [Int]) -> [Correction]? {
        let found: [Correction]
        if positions.count == 2 {
            found = pair(in: word, at: positions[0], positions[1])
        } else if let position = positions.first, let error = single(in: word),
            error.cell == Self.cell(position, of: word)
        {
            found = [error]
        } else {
            return nil
        }
        return found.contains { $0.value != 0 && isKnown($0.cell) } ? nil : found
    }

    /// Corrects single cells of words where the other word is wrong as well, if not only there.
    private mutating func correctLikely(columnsFirst: Bool) {
        let columns = 0..<Self.columns
        let diagonals = Self.columns..<Self.words
        let order = columnsFirst ? [columns, diagonals] : [diagonals, columns]
        while let error = order.joined().lazy.compactMap(likely).first {
            apply(error)
            correctConfirmed()
        }
    }

    private func likely(in word: Int) -> Correction? {
        guard let error = single(in: word), let other = Self.crossing(word, at: error.cell),
            isWrong(other.word)
        else { return nil }
        return error
    }

    /// Suspects the cells where wrong words cross, and corrects them; or nothing, if that leaves either
    /// code with something wrong.
    private mutating func correctCrossings() {
        let (columns, diagonals) = (wrongColumns, wrongDiagonals)
        guard !columns.isEmpty, !diagonals.isEmpty else { return }
        var suspects = [Bool](repeating: false, count: Self.size)
        for diagonal in diagonals {
            for column in columns {
                let cell = Self.cell(column, of: diagonal)
                suspects[cell] = !isKnown(cell)
            }
        }
        var corrected = self
        repeat { corrected.correctConfirmed() } while corrected.correctSuspects(&suspects)
        if corrected.isPlausible { self = corrected }
    }

    /// Corrects single cells of words, one kind of words after the other, whatever the others say.
    private mutating func correctInTurn(_ kinds: [Range<Int>]) {
        // What is not right after so many rounds goes round in circles.
        for _ in 0..<8 {
            var isChanged = false
            for word in kinds.joined() {
                guard let error = single(in: word) else { continue }
                apply(error)
                isChanged = true
            }
            guard isChanged else { return }
        }
    }
}
