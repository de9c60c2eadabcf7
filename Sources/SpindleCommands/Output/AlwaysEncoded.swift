/// A value that stands in the JSON even where there is none: as null.
///
/// For the fields that a document is promised to have.
@propertyWrapper
struct AlwaysEncoded<Value: Encodable>: Encodable {
    var wrappedValue: Value?

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue {
            try container.encode(wrappedValue)
        } else {
            try container.encodeNil()
        }
    }
}
