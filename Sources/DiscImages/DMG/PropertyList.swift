/// What a property list of Apple's in XML holds; as much of it as disk images use.
indirect enum PropertyList {
    case dictionary([String: PropertyList])
    case array([PropertyList])
    case text(String)
    case data([UInt8])
    case number(Int)
    case other

    subscript(_ key: String) -> PropertyList? {
        if case .dictionary(let entries) = self { return entries[key] }
        return nil
    }

    var elements: [PropertyList] {
        if case .array(let elements) = self { return elements }
        return []
    }

    var bytes: [UInt8]? {
        if case .data(let bytes) = self { return bytes }
        return nil
    }

    var string: String? {
        if case .text(let text) = self { return text }
        return nil
    }

    var number: Int? {
        if case .number(let number) = self { return number }
        return nil
    }
}
