// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoundAnchors} from "../src/interfaces/IRoundAnchors.sol";
import {RoundAnchors} from "../src/RoundAnchors.sol";
import {vm} from "./Vm.sol";

contract RoundAnchorsTest {
    address private constant OPERATOR = address(0x0A);
    address private constant STRANGER = address(0x5798);
    bytes32 private constant SUMMARIES = keccak256("text.summarize");
    bytes32 private constant PROFILES = keccak256("data.profile");

    RoundAnchors private anchors;

    error Unexpected(bytes32 actual, bytes32 expected);

    function setUp() public {
        anchors = new RoundAnchors();
        vm.roll(100);
    }

    function _same(bytes32 actual, bytes32 expected) private pure {
        if (actual != expected) revert Unexpected(actual, expected);
    }

    function _requireHead(address operator, bytes32 segment, bytes32 head, uint64 position, uint64 blockNumber)
        private
        view
    {
        (bytes32 hash, uint64 rounds, uint64 at) = anchors.headOf(operator, segment);
        _same(hash, head);
        _same(bytes32(uint256(rounds)), bytes32(uint256(position)));
        _same(bytes32(uint256(at)), bytes32(uint256(blockNumber)));
    }

    function _anchor(address operator, bytes32 segment, uint64 position, bytes32 previous, bytes32 head) private {
        vm.prank(operator);
        anchors.anchor(segment, position, previous, head);
    }

    function test_a_chain_grows_from_its_head_and_names_the_block_of_the_anchor_before() public {
        _requireHead(OPERATOR, SUMMARIES, 0, 0, 0);
        vm.expectEmit();
        emit IRoundAnchors.RoundsAnchored(OPERATOR, SUMMARIES, bytes32("third"), 0, 3, 0);
        _anchor(OPERATOR, SUMMARIES, 3, 0, bytes32("third"));
        vm.snapshotGasLastCall("anchor, first of a segment");
        _requireHead(OPERATOR, SUMMARIES, bytes32("third"), 3, 100);
        vm.roll(107);
        vm.expectEmit();
        emit IRoundAnchors.RoundsAnchored(OPERATOR, SUMMARIES, bytes32("fourth"), bytes32("third"), 4, 100);
        _anchor(OPERATOR, SUMMARIES, 4, bytes32("third"), bytes32("fourth"));
        vm.snapshotGasLastCall("anchor, extending");
        _requireHead(OPERATOR, SUMMARIES, bytes32("fourth"), 4, 107);
    }

    function test_a_head_is_not_overwritten() public {
        _anchor(OPERATOR, SUMMARIES, 3, 0, bytes32("third"));
        vm.expectRevert(
            abi.encodeWithSelector(IRoundAnchors.NotTheHead.selector, SUMMARIES, bytes32(0), bytes32("third"))
        );
        _anchor(OPERATOR, SUMMARIES, 4, 0, bytes32("another third"));
        _requireHead(OPERATOR, SUMMARIES, bytes32("third"), 3, 100);
    }

    function test_an_anchor_is_not_replayed() public {
        _anchor(OPERATOR, SUMMARIES, 1, 0, bytes32("first"));
        _anchor(OPERATOR, SUMMARIES, 2, bytes32("first"), bytes32("second"));
        vm.expectRevert(
            abi.encodeWithSelector(
                IRoundAnchors.NotTheHead.selector, SUMMARIES, bytes32("first"), bytes32("second")
            )
        );
        _anchor(OPERATOR, SUMMARIES, 2, bytes32("first"), bytes32("second"));
    }

    function test_a_chain_has_no_gap() public {
        _anchor(OPERATOR, SUMMARIES, 1, 0, bytes32("first"));
        vm.expectRevert(
            abi.encodeWithSelector(
                IRoundAnchors.NotTheHead.selector, SUMMARIES, bytes32("second"), bytes32("first")
            )
        );
        _anchor(OPERATOR, SUMMARIES, 3, bytes32("second"), bytes32("third"));
    }

    function test_a_position_never_stands_still_or_goes_back() public {
        vm.expectRevert(abi.encodeWithSelector(IRoundAnchors.PositionNotHigher.selector, SUMMARIES, 0, 0));
        _anchor(OPERATOR, SUMMARIES, 0, 0, bytes32("first"));
        _anchor(OPERATOR, SUMMARIES, 5, 0, bytes32("fifth"));
        vm.expectRevert(abi.encodeWithSelector(IRoundAnchors.PositionNotHigher.selector, SUMMARIES, 5, 5));
        _anchor(OPERATOR, SUMMARIES, 5, bytes32("fifth"), bytes32("sixth"));
    }

    function test_a_chain_is_not_emptied_or_anchored_anew_at_the_same_head() public {
        _anchor(OPERATOR, SUMMARIES, 1, 0, bytes32("first"));
        vm.expectRevert(abi.encodeWithSelector(IRoundAnchors.NoNewHead.selector, SUMMARIES, bytes32(0)));
        _anchor(OPERATOR, SUMMARIES, 2, bytes32("first"), 0);
        vm.expectRevert(abi.encodeWithSelector(IRoundAnchors.NoNewHead.selector, SUMMARIES, bytes32("first")));
        _anchor(OPERATOR, SUMMARIES, 2, bytes32("first"), bytes32("first"));
    }

    function test_a_stranger_reaches_only_chains_of_its_own() public {
        _anchor(OPERATOR, SUMMARIES, 3, 0, bytes32("third"));
        vm.expectRevert(
            abi.encodeWithSelector(IRoundAnchors.NotTheHead.selector, SUMMARIES, bytes32("third"), bytes32(0))
        );
        _anchor(STRANGER, SUMMARIES, 4, bytes32("third"), bytes32("forged"));
        _anchor(STRANGER, SUMMARIES, 9, 0, bytes32("forged"));
        _requireHead(OPERATOR, SUMMARIES, bytes32("third"), 3, 100);
        _requireHead(STRANGER, SUMMARIES, bytes32("forged"), 9, 100);
    }

    function test_several_segments_are_anchored_together_or_not_at_all() public {
        IRoundAnchors.Anchor[] memory both = new IRoundAnchors.Anchor[](2);
        both[0] = IRoundAnchors.Anchor(SUMMARIES, 2, 0, bytes32("summaries"));
        both[1] = IRoundAnchors.Anchor(PROFILES, 7, bytes32("stale"), bytes32("profiles"));
        vm.expectRevert(
            abi.encodeWithSelector(IRoundAnchors.NotTheHead.selector, PROFILES, bytes32("stale"), bytes32(0))
        );
        vm.prank(OPERATOR);
        anchors.anchorMany(both);
        _requireHead(OPERATOR, SUMMARIES, 0, 0, 0);
        both[1].previous = 0;
        vm.prank(OPERATOR);
        anchors.anchorMany(both);
        vm.snapshotGasLastCall("anchorMany, two first ones");
        _requireHead(OPERATOR, SUMMARIES, bytes32("summaries"), 2, 100);
        _requireHead(OPERATOR, PROFILES, bytes32("profiles"), 7, 100);
    }

    /// @dev Whatever anyone sends in whatever order, a chain only ever grows from its head.
    function testFuzz_a_chain_only_grows(
        bytes32[8] calldata heads,
        bytes32[8] calldata previous,
        uint64[8] calldata positions,
        uint8 follow
    ) public {
        bytes32 head;
        uint64 position;
        for (uint256 i = 0; i < 8; ++i) {
            // Some steps follow the head, some name whatever comes.
            bytes32 from = (follow >> i) & 1 == 1 ? head : previous[i];
            uint64 to = (follow >> i) & 1 == 1 && position < type(uint64).max ? position + 1 : positions[i];
            bool fits = from == head && to > position && heads[i] != 0 && heads[i] != head;
            vm.prank(OPERATOR);
            try anchors.anchor(SUMMARIES, to, from, heads[i]) {
                _same(bytes32(uint256(fits ? 1 : 0)), bytes32(uint256(1)));
                (head, position) = (heads[i], to);
            } catch {
                _same(bytes32(uint256(fits ? 1 : 0)), 0);
            }
            (bytes32 actual, uint64 rounds,) = anchors.headOf(OPERATOR, SUMMARIES);
            _same(actual, head);
            _same(bytes32(uint256(rounds)), bytes32(uint256(position)));
        }
    }

    function testFuzz_nobody_reaches_another_operators_chain(address stranger, bytes32 segment, bytes32 head) public {
        vm.assume(stranger != OPERATOR && head != 0);
        _anchor(OPERATOR, segment, 1, 0, bytes32("mine"));
        _anchor(stranger, segment, 1, 0, head);
        _requireHead(OPERATOR, segment, bytes32("mine"), 1, 100);
    }
}
