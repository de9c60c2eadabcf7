/// What the program was built from, as far as the build says.
///
/// This is the file of a plain `swift build`, which doesn't say. `Scripts/build-facts` makes another
/// one, in another folder, and Package.swift takes the folder that `SPINDLE_BUILD_FACTS` names.
public enum Build {
    /// The commit, in hexadecimal digits; `nil` if it isn't known.
    public static let commit: String? = nil
    /// Whether the sources differed from the commit.
    public static let isModified = false
}
