// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IReputationRegistry} from "../src/interfaces/IReputationRegistry.sol";
import {ReputationRegistry} from "../src/agents/ReputationRegistry.sol";
import {AgentFixture} from "./AgentFixture.sol";
import {vm} from "./Vm.sol";

contract ReputationRegistryTest is AgentFixture {
    address private constant CLIENT = address(0xC11E);
    int128 private constant LARGEST = 10 ** 38;

    uint256 private agentId;

    function setUp() public override {
        super.setUp();
        agentId = _register(CREATOR);
    }

    function _give(address client, int128 value, uint8 decimals, string memory tag1, string memory tag2) private {
        vm.prank(client);
        reputation.giveFeedback(agentId, value, decimals, tag1, tag2, "", "", 0);
    }

    function _give(address client, int128 value, uint8 decimals) private {
        _give(client, value, decimals, "", "");
    }

    function _requireSummary(
        address[] memory clients,
        string memory tag1,
        string memory tag2,
        uint64 count,
        int128 value,
        uint8 decimals
    ) private view {
        (uint64 found, int128 mean, uint8 meanDecimals) = reputation.getSummary(agentId, clients, tag1, tag2);
        assertEq(found, count);
        assertEq(uint256(int256(mean)), uint256(int256(value)));
        assertEq(meanDecimals, decimals);
    }

    function test_feedback_is_recorded_as_it_was_given() public {
        vm.expectEmit();
        emit IReputationRegistry.NewFeedback(
            agentId, CLIENT, 1, 9_977, 2, "uptime", "uptime", "month", "https://a.example", "ipfs://f", bytes32("f")
        );
        vm.prank(CLIENT);
        reputation.giveFeedback(
            agentId, 9_977, 2, "uptime", "month", "https://a.example", "ipfs://f", bytes32("f")
        );
        vm.snapshotGasLastCall("giveFeedback, a client's first, two tags");
        _give(CLIENT, -3, 0);
        assertEq(reputation.getLastIndex(agentId, CLIENT), 2);
        (int128 value, uint8 decimals, string memory tag1, string memory tag2, bool revoked) =
            reputation.readFeedback(agentId, CLIENT, 1);
        assertTrue(value == 9_977 && decimals == 2 && !revoked);
        assertEq(bytes(tag1), "uptime");
        assertEq(bytes(tag2), "month");
        (value,,,,) = reputation.readFeedback(agentId, CLIENT, 2);
        assertTrue(value == -3);
    }

    function test_owner_and_operators_give_no_feedback() public {
        vm.prank(CREATOR);
        identity.setApprovalForAll(OTHER, true);
        vm.prank(CREATOR);
        identity.approve(PROVIDER, agentId);
        address[3] memory own = [CREATOR, OTHER, PROVIDER];
        for (uint256 i = 0; i < own.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IReputationRegistry.SelfFeedback.selector, agentId, own[i]));
            _give(own[i], 100, 0);
        }
        _transfer(agentId, CREATOR, STRANGER);
        _give(CREATOR, 100, 0);
        assertEq(reputation.getLastIndex(agentId, CREATOR), 1);
    }

    function test_an_agent_that_does_not_exist_gets_no_feedback() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 9));
        reputation.giveFeedback(9, 1, 0, "", "", "", "", 0);
    }

    function test_a_value_keeps_within_its_bounds() public {
        vm.expectRevert(abi.encodeWithSelector(IReputationRegistry.DecimalsOverMaximum.selector, 19, 18));
        _give(CLIENT, 1, 19);
        int128[2] memory beyond = [LARGEST + 1, -LARGEST - 1];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IReputationRegistry.ValueOverMaximum.selector, beyond[i], LARGEST)
            );
            _give(CLIENT, beyond[i], 0);
        }
        _give(CLIENT, LARGEST, 18);
        _give(CLIENT, -LARGEST, 18);
        _requireSummary(_one(CLIENT), "", "", 2, 0, 18);
    }

    function test_revoked_feedback_counts_no_more_and_stays_readable() public {
        _give(CLIENT, 100, 0, "starred", "text");
        _give(CLIENT, 50, 0, "starred", "text");
        vm.expectEmit();
        emit IReputationRegistry.FeedbackRevoked(agentId, CLIENT, 1);
        vm.prank(CLIENT);
        reputation.revokeFeedback(agentId, 1);
        _requireSummary(_one(CLIENT), "starred", "text", 1, 50, 0);
        _requireSummary(_one(CLIENT), "", "", 1, 50, 0);
        (int128 value,,,, bool revoked) = reputation.readFeedback(agentId, CLIENT, 1);
        assertTrue(value == 100 && revoked);
        vm.expectRevert(
            abi.encodeWithSelector(IReputationRegistry.AlreadyRevoked.selector, agentId, CLIENT, 1)
        );
        vm.prank(CLIENT);
        reputation.revokeFeedback(agentId, 1);
    }

    function test_only_a_clients_own_feedback_is_revoked() public {
        _give(CLIENT, 100, 0);
        uint64[3] memory indexes = [uint64(0), 1, 2];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IReputationRegistry.NoSuchFeedback.selector, agentId, STRANGER, indexes[i], 0
                )
            );
            vm.prank(STRANGER);
            reputation.revokeFeedback(agentId, indexes[i]);
        }
        vm.expectRevert(
            abi.encodeWithSelector(IReputationRegistry.NoSuchFeedback.selector, agentId, CLIENT, 2, 1)
        );
        reputation.readFeedback(agentId, CLIENT, 2);
    }

    function test_anyone_answers_feedback_and_answers_are_counted_by_who_gave_them() public {
        _give(CLIENT, 1, 0);
        _give(CLIENT, 2, 0);
        _give(OTHER, 3, 0);
        vm.expectEmit();
        emit IReputationRegistry.ResponseAppended(agentId, CLIENT, 1, CREATOR, "ipfs://sorry", bytes32("r"));
        vm.prank(CREATOR);
        reputation.appendResponse(agentId, CLIENT, 1, "ipfs://sorry", bytes32("r"));
        vm.prank(CREATOR);
        reputation.appendResponse(agentId, CLIENT, 2, "ipfs://again", 0);
        vm.prank(STRANGER);
        reputation.appendResponse(agentId, CLIENT, 2, "ipfs://spam", 0);
        vm.prank(STRANGER);
        reputation.appendResponse(agentId, OTHER, 1, "ipfs://spam", 0);
        address[] memory anyone;
        assertEq(reputation.getResponseCount(agentId, CLIENT, 1, anyone), 1);
        assertEq(reputation.getResponseCount(agentId, CLIENT, 2, anyone), 2);
        assertEq(reputation.getResponseCount(agentId, CLIENT, 0, anyone), 3);
        assertEq(reputation.getResponseCount(agentId, address(0), 0, anyone), 4);
        assertEq(reputation.getResponseCount(agentId, address(0), 7, anyone), 4);
        assertEq(reputation.getResponseCount(agentId, CLIENT, 0, _one(CREATOR)), 2);
        assertEq(reputation.getResponseCount(agentId, address(0), 0, _two(CREATOR, STRANGER)), 4);
        // Zero stands for everybody inside, and for nobody in a list.
        assertEq(reputation.getResponseCount(agentId, CLIENT, 0, _one(address(0))), 0);
    }

    function test_an_answer_needs_a_text_and_feedback_to_answer() public {
        _give(CLIENT, 1, 0);
        vm.expectRevert(IReputationRegistry.EmptyResponseURI.selector);
        reputation.appendResponse(agentId, CLIENT, 1, "", 0);
        vm.expectRevert(
            abi.encodeWithSelector(IReputationRegistry.NoSuchFeedback.selector, agentId, CLIENT, 2, 1)
        );
        reputation.appendResponse(agentId, CLIENT, 2, "ipfs://early", 0);
    }

    function test_a_summary_of_different_decimals_has_those_that_most_have() public {
        _give(CLIENT, 9_977, 2);
        _give(CLIENT, 100, 0);
        _give(OTHER, 9_950, 2);
        // (99.77 + 100 + 99.50) / 3 = 99.7566…
        _requireSummary(_two(CLIENT, OTHER), "", "", 3, 9_975, 2);
        // As many with two decimals as without: the fewer.
        _requireSummary(_one(CLIENT), "", "", 2, 99, 0);
        _give(OTHER, -500, 0);
        _give(OTHER, -500, 0);
        // (99.50 - 500 - 500) / 3 = -300.1666…, cut towards zero.
        _requireSummary(_one(OTHER), "", "", 3, -300, 0);
    }

    function test_a_mean_too_large_for_its_decimals_has_fewer() public {
        _give(CLIENT, LARGEST, 0);
        _give(CLIENT, 1, 18);
        _give(CLIENT, 1, 18);
        // A third of 10^38 leaves room for no decimal: the largest result is 1.7 * 10^38.
        _requireSummary(_one(CLIENT), "", "", 3, LARGEST / 3, 0);
        _give(OTHER, LARGEST / 10, 0);
        _give(OTHER, 1, 18);
        _give(OTHER, 1, 18);
        _requireSummary(_one(OTHER), "", "", 3, LARGEST / 3, 1);
    }

    function test_a_summary_is_of_the_tags_and_clients_asked_for() public {
        _give(CLIENT, 10, 0, "starred", "text");
        _give(CLIENT, 20, 0, "starred", "image");
        _give(CLIENT, 30, 0, "uptime", "text");
        _give(CLIENT, 40, 0, "", "text");
        _give(CLIENT, 50, 0, "starred", "");
        _give(OTHER, 90, 0, "starred", "text");
        _requireSummary(_one(CLIENT), "", "", 5, 30, 0);
        _requireSummary(_one(CLIENT), "starred", "", 3, 26, 0);
        _requireSummary(_one(CLIENT), "", "text", 3, 26, 0);
        _requireSummary(_one(CLIENT), "starred", "text", 1, 10, 0);
        _requireSummary(_two(CLIENT, OTHER), "starred", "text", 2, 50, 0);
        _requireSummary(_two(OTHER, OTHER), "starred", "text", 2, 90, 0);
        _requireSummary(_one(STRANGER), "", "", 0, 0, 0);
        _requireSummary(_one(CLIENT), "unknown", "", 0, 0, 0);
    }

    function test_a_summary_names_its_clients() public {
        address[] memory none;
        vm.expectRevert(IReputationRegistry.NoClients.selector);
        reputation.getSummary(agentId, none, "", "");
    }

    function test_all_feedback_is_read_through_the_same_filters() public {
        _give(CLIENT, 10, 0, "starred", "text");
        _give(OTHER, 20, 1, "starred", "image");
        _give(CLIENT, 30, 2, "uptime", "text");
        vm.prank(CLIENT);
        reputation.revokeFeedback(agentId, 1);
        address[] memory all;
        bytes memory revoked = _entry(CLIENT, 1, 10, 0, true);
        bytes memory uptime = _entry(CLIENT, 2, 30, 2, false);
        bytes memory image = _entry(OTHER, 1, 20, 1, false);
        assertEq(_values(all, "", "", true), bytes.concat(revoked, uptime, image));
        assertEq(_values(all, "", "", false), bytes.concat(uptime, image));
        assertEq(_values(_one(OTHER), "", "", false), image);
        assertEq(_values(all, "starred", "", false), image);
        assertEq(_values(all, "", "text", false), uptime);
        assertEq(_values(all, "starred", "text", false), "");
        (,,,, string[] memory tag1s, string[] memory tag2s,) =
            reputation.readAllFeedback(agentId, _one(OTHER), "", "", false);
        assertEq(bytes(tag1s[0]), "starred");
        assertEq(bytes(tag2s[0]), "image");
    }

    function _entry(address client, uint64 index, int128 value, uint8 decimals, bool revoked)
        private
        pure
        returns (bytes memory)
    {
        return abi.encode(client, index, value, decimals, revoked);
    }

    /// @dev What was found, one after the other.
    function _values(address[] memory clients, string memory tag1, string memory tag2, bool includeRevoked)
        private
        view
        returns (bytes memory found)
    {
        (
            address[] memory who,
            uint64[] memory indexes,
            int128[] memory values,
            uint8[] memory decimals,
            ,
            ,
            bool[] memory revoked
        ) = reputation.readAllFeedback(agentId, clients, tag1, tag2, includeRevoked);
        for (uint256 i = 0; i < who.length; ++i) {
            found = bytes.concat(found, _entry(who[i], indexes[i], values[i], decimals[i], revoked[i]));
        }
    }

    function test_reading_all_feedback_is_bounded_and_a_summary_is_not() public {
        uint256 most = reputation.MAX_READ();
        for (uint256 i = 0; i < most; ++i) _give(CLIENT, int128(int256(i)), 0);
        (address[] memory clients,,,,,,) = reputation.readAllFeedback(agentId, _one(CLIENT), "", "", false);
        assertEq(clients.length, most);
        _give(OTHER, 1, 0);
        address[] memory all;
        vm.expectRevert(abi.encodeWithSelector(IReputationRegistry.TooMuchToRead.selector, most + 1, most));
        reputation.readAllFeedback(agentId, all, "", "", false);
        uint256 before = gasleft();
        _requireSummary(_one(CLIENT), "", "", 1_000, 499, 0);
        assertTrue(before - gasleft() < 200_000);
    }

    function test_clients_are_listed_once_and_in_parts() public {
        _give(CLIENT, 1, 0);
        _give(OTHER, 1, 0);
        _give(CLIENT, 1, 0);
        _give(STRANGER, 1, 0);
        assertEq(abi.encode(reputation.getClients(agentId)).length, abi.encode(new address[](3)).length);
        assertEq(
            abi.encode(reputation.clientsBetween(agentId, 1, 9)), abi.encode(_two(OTHER, STRANGER))
        );
    }

    function test_a_registry_of_feedback_needs_one_of_agents() public {
        vm.expectRevert(IReputationRegistry.ZeroRegistry.selector);
        new ReputationRegistry(address(0));
    }

    /// @dev Whatever is given and revoked, the sums kept say what counting it all again says.
    function testFuzz_a_summary_is_the_mean_of_what_is_not_revoked(int64[8] calldata values, uint8 revoked, bool tagged)
        public
    {
        int256 sum;
        int256 count;
        for (uint64 i = 0; i < 8; ++i) {
            _give(CLIENT, values[i], 4, "starred", i % 2 == 0 ? "even" : "odd");
            bool isRevoked = (revoked >> i) & 1 == 1;
            if (isRevoked) {
                vm.prank(CLIENT);
                reputation.revokeFeedback(agentId, i + 1);
            } else if (!tagged || i % 2 == 0) {
                sum += values[i];
                ++count;
            }
        }
        _requireSummary(
            _one(CLIENT),
            "",
            tagged ? "even" : "",
            uint64(uint256(count)),
            count == 0 ? int128(0) : int128(sum / count),
            count == 0 ? 0 : 4
        );
    }
}
